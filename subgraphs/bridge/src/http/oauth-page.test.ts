import { describe, expect, it } from '@jest/globals';
import { installPage } from './oauth-page.js';

describe('the page after installing', () => {
  it('shows the shop and what to do next, in its language, and runs nothing that the shop is called', () => {
    expect(installPage('Tea & Co', 'en-US')).toContain('“Tea &#38; Co” is connected');
    expect(installPage('茶店', 'zh-CN')).toContain('开启库存发布');
    expect(installPage('<script>alert(1)</script>', 'en')).not.toContain('<script');
  });
});
