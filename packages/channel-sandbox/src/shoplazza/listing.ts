const AT = '2026-03-01T10:00:00Z';

/** The n-th product of a full shop, as lists and webhooks tell it. */
export const shoplazzaGoods = (n: number, over: object = {}) => ({
  id: `p${n}`, title: `Goods ${n}`, body_html: '<p>示例</p>', vendor: 'Quanyu Fake Goods', product_type: 'cup', handle: `goods-${n}`, status: 'active', published: true, published_at: AT, created_at: AT, updated_at: AT, tags: 'tea, cup',
  options: [{ id: `o${n}`, name: '尺码', values: ['M'] }], images: [{ id: `i${n}`, product_id: `p${n}`, src: `https://cdn.example.com/${n}.jpg`, position: 1, width: 800, height: 600 }],
  variants: [{ id: `v${n}`, product_id: `p${n}`, sku: n === 0 ? '' : `SL-${n}`, title: 'M', price: '19.90', compare_at_price: n % 2 === 0 ? '29.90' : null, inventory_quantity: 7, weight: '0.350', weight_unit: 'kg', requires_shipping: true, option1: 'M', option2: '', option3: '' }],
  ...over,
});

export const shoplazzaCustomer = (n: number, over: object = {}) => ({
  id: `c${n}`, first_name: '测试', last_name: `${n}`, phone: `+86138${String(n).padStart(8, '0')}`, email: `c${n}@example.com`, updated_at: AT, orders_count: 2, total_spent: '85.50', state: 'enabled',
  addresses: [{ id: `a${n}`, first_name: '测试', last_name: `${n}`, phone: `138${String(n).padStart(8, '0')}`, address: '样本路 1 号', city: '杭州市', province: '浙江省', country_code: 'CN', zip: '310000', is_default: true }],
  ...over,
});
