const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (language: string, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>body{font:16px/1.6 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>${body}</html>`;

/** What a person sees when a shop has been connected, in the shop's language. */
export function installPage(shopName: string, locale: string): string {
  const name = escaped(shopName);
  return locale.startsWith('zh')
    ? page('zh-CN', '店铺已连接', `<h1>“${name}”已连接</h1><p>接下来：</p><ol><li>回到控制台的“渠道”页，查看最近 30 天订单的读取进度。</li><li>为未识别的商品映射 SKU。</li><li>开启库存发布并设置比例。</li></ol><p>可以关闭此页。</p>`)
    : page('en', 'Shop connected', `<h1>“${name}” is connected</h1><p>Next:</p><ol><li>Go back to Channels in the console and watch the orders of the last 30 days come in.</li><li>Map goods that are not known to their SKUs.</li><li>Switch stock publishing on, and set its ratio.</li></ol><p>You may close this page.</p>`);
}

export const refusalPage = (message: string, language: 'en' | 'zh-CN', code: string): string =>
  page(language, language === 'en' ? 'Not connected' : '未能连接', `<h1>${language === 'en' ? 'The shop was not connected' : '店铺未能连接'}</h1><p>${escaped(message)}</p><p><small>${escaped(code)}</small></p>`);
