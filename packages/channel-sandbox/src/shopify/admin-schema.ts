import { buildSchema } from 'graphql';

// The part of Shopify's Admin API 2025-01 that shops of the sandbox speak: its names, its nullability, its list fields.
export const ADMIN_SCHEMA = buildSchema(`
  scalar DateTime
  scalar Decimal
  scalar URL
  enum ProductSortKeys { ID TITLE UPDATED_AT }
  enum CustomerSortKeys { ID NAME UPDATED_AT }
  enum OrderSortKeys { CREATED_AT ID PROCESSED_AT UPDATED_AT }
  enum OrderDisplayFinancialStatus { AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED }
  enum OrderDisplayFulfillmentStatus { FULFILLED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT RESTOCKED SCHEDULED UNFULFILLED }
  enum FulfillmentOrderStatus { OPEN IN_PROGRESS CANCELLED INCOMPLETE CLOSED SCHEDULED ON_HOLD }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type MoneyV2 { amount: Decimal! currencyCode: String! }
  type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
  type Shop { id: ID! name: String! myshopifyDomain: String! currencyCode: CurrencyCode! }
  enum CustomerState { DECLINED DISABLED ENABLED INVITED }
  type Customer {
    id: ID! firstName: String lastName: String email: String phone: String updatedAt: DateTime! numberOfOrders: String! state: CustomerState! amountSpent: MoneyV2!
    defaultAddress: MailingAddress addresses(first: Int): [MailingAddress!]!
  }
  type CustomerConnection { nodes: [Customer!]! pageInfo: PageInfo! }
  type MailingAddress {
    id: ID! firstName: String lastName: String name: String company: String phone: String address1: String address2: String
    city: String province: String provinceCode: String zip: String country: String countryCodeV2: String
  }
  type Weight { unit: WeightUnit! value: Float! }
  type InventoryItemMeasurement { weight: Weight }
  type InventoryItem { id: ID! tracked: Boolean! requiresShipping: Boolean! measurement: InventoryItemMeasurement! }
  type SelectedOption { name: String! value: String! }
  type ProductVariant {
    id: ID! sku: String title: String! inventoryItem: InventoryItem! price: Decimal! compareAtPrice: Decimal inventoryQuantity: Int selectedOptions: [SelectedOption!]!
  }
  type ProductVariantConnection { nodes: [ProductVariant!]! pageInfo: PageInfo! }
  type Attribute { key: String! value: String }
  type ShippingLine { title: String! originalPriceSet: MoneyBag! }
  type DiscountAllocation { allocatedAmountSet: MoneyBag! }
  type LineItem {
    id: ID! sku: String title: String! quantity: Int! currentQuantity: Int! originalUnitPriceSet: MoneyBag! discountedUnitPriceSet: MoneyBag!
    discountAllocations: [DiscountAllocation!]! variant: ProductVariant product: Product
  }
  type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }
  enum OrderTransactionStatus { AWAITING_RESPONSE ERROR FAILURE PENDING SUCCESS UNKNOWN }
  type OrderTransaction { id: ID! status: OrderTransactionStatus! }
  type OrderTransactionConnection { nodes: [OrderTransaction!]! }
  type RefundLineItem { quantity: Int! lineItem: LineItem! }
  type RefundLineItemConnection { nodes: [RefundLineItem!]! }
  type Refund { id: ID! transactions(first: Int): OrderTransactionConnection! refundLineItems(first: Int): RefundLineItemConnection! }
  type FulfillmentTrackingInfo { number: String company: String url: URL }
  type FulfillmentLineItem { quantity: Int lineItem: LineItem! }
  type FulfillmentLineItemConnection { nodes: [FulfillmentLineItem!]! }
  enum FulfillmentStatus { CANCELLED ERROR FAILURE SUCCESS }
  enum FulfillmentDisplayStatus { ATTEMPTED_DELIVERY CANCELED CONFIRMED DELIVERED FAILURE FULFILLED IN_TRANSIT LABEL_PRINTED LABEL_PURCHASED LABEL_VOIDED MARKED_AS_FULFILLED NOT_DELIVERED OUT_FOR_DELIVERY PICKED_UP READY_FOR_PICKUP SUBMITTED }
  type Fulfillment {
    id: ID! createdAt: DateTime! status: FulfillmentStatus! displayStatus: FulfillmentDisplayStatus trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
    fulfillmentLineItems(first: Int): FulfillmentLineItemConnection!
  }
  type ProductOption { id: ID! name: String! values: [String!]! }
  type Image { url: URL! width: Int height: Int }
  interface Media { id: ID! }
  type MediaImage implements Media { id: ID! image: Image }
  type Video implements Media { id: ID! }
  type MediaConnection { nodes: [Media!]! }
  type Product {
    id: ID! title: String! descriptionHtml: String! vendor: String! productType: String! handle: String! status: ProductStatus! publishedAt: DateTime updatedAt: DateTime! tags: [String!]!
    options: [ProductOption!]! media(first: Int): MediaConnection! variants(first: Int, after: String): ProductVariantConnection!
  }
  type ProductConnection { nodes: [Product!]! pageInfo: PageInfo! }
  input ProductIdentifierInput { id: ID handle: String }
  type FulfillmentOrderLineItem { id: ID! remainingQuantity: Int! totalQuantity: Int! lineItem: LineItem! }
  type FulfillmentOrderLineItemConnection { nodes: [FulfillmentOrderLineItem!]! }
  type FulfillmentOrder { id: ID! status: FulfillmentOrderStatus! lineItems(first: Int): FulfillmentOrderLineItemConnection! }
  type FulfillmentOrderConnection { nodes: [FulfillmentOrder!]! }
  enum OrderReturnStatus { INSPECTION_COMPLETE IN_PROGRESS NO_RETURN RETURNED RETURN_FAILED RETURN_REQUESTED }
  type Order {
    id: ID! name: String! email: String phone: String createdAt: DateTime! processedAt: DateTime! updatedAt: DateTime! cancelledAt: DateTime closedAt: DateTime returnStatus: OrderReturnStatus!
    displayFinancialStatus: OrderDisplayFinancialStatus displayFulfillmentStatus: OrderDisplayFulfillmentStatus! currencyCode: String! taxesIncluded: Boolean!
    totalPriceSet: MoneyBag! currentTotalPriceSet: MoneyBag! totalDiscountsSet: MoneyBag totalTaxSet: MoneyBag totalShippingPriceSet: MoneyBag! subtotalPriceSet: MoneyBag
    customer: Customer shippingAddress: MailingAddress lineItems(first: Int, after: String): LineItemConnection! refunds(first: Int): [Refund!]!
    fulfillments(first: Int): [Fulfillment!]! fulfillmentOrders(first: Int): FulfillmentOrderConnection! tags: [String!]! sourceIdentifier: String note: String customAttributes: [Attribute!]! shippingLine: ShippingLine
  }
  type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
  type Query {
    shop: Shop!
    order(id: ID!): Order
    orders(first: Int, after: String, query: String, sortKey: OrderSortKeys = PROCESSED_AT, reverse: Boolean = false): OrderConnection!
    productVariants(first: Int, query: String): ProductVariantConnection!
    webhookSubscriptions(first: Int, after: String): WebhookSubscriptionConnection!
    product(id: ID!): Product
    products(first: Int, after: String, query: String, sortKey: ProductSortKeys = ID): ProductConnection!
    customers(first: Int, after: String, query: String, sortKey: CustomerSortKeys = ID): CustomerConnection!
    productByIdentifier(identifier: ProductIdentifierInput!): Product
  }
  enum WebhookSubscriptionTopic { ORDERS_CREATE ORDERS_UPDATED ORDERS_PAID ORDERS_FULFILLED ORDERS_PARTIALLY_FULFILLED ORDERS_CANCELLED FULFILLMENTS_UPDATE APP_UNINSTALLED PRODUCTS_CREATE PRODUCTS_UPDATE PRODUCTS_DELETE CUSTOMERS_CREATE CUSTOMERS_UPDATE CUSTOMERS_ENABLE CUSTOMERS_DISABLE CUSTOMERS_DELETE }
  enum WebhookSubscriptionFormat { JSON XML }
  type WebhookHttpEndpoint { callbackUrl: URL! }
  type WebhookEventBridgeEndpoint { arn: String! }
  union WebhookSubscriptionEndpoint = WebhookHttpEndpoint | WebhookEventBridgeEndpoint
  type WebhookSubscription { id: ID! topic: WebhookSubscriptionTopic! endpoint: WebhookSubscriptionEndpoint! }
  type WebhookSubscriptionConnection { nodes: [WebhookSubscription!]! pageInfo: PageInfo! }
  input WebhookSubscriptionInput { callbackUrl: URL format: WebhookSubscriptionFormat }
  type WebhookSubscriptionCreatePayload { webhookSubscription: WebhookSubscription userErrors: [UserError!]! }
  type UserError { field: [String!] message: String! }
  enum InventorySetQuantitiesUserErrorCode { COMPARE_QUANTITY_REQUIRED COMPARE_QUANTITY_STALE INVALID_INVENTORY_ITEM INVALID_LOCATION INVALID_NAME INVALID_QUANTITY_NEGATIVE INVALID_REASON }
  type InventorySetQuantitiesUserError { code: InventorySetQuantitiesUserErrorCode field: [String!] message: String! }
  input FulfillmentOrderLineItemInput { id: ID! quantity: Int! }
  input FulfillmentOrderLineItemsInput { fulfillmentOrderId: ID! fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!] }
  input FulfillmentTrackingInput { company: String number: String url: URL }
  input FulfillmentInput { lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]! trackingInfo: FulfillmentTrackingInput notifyCustomer: Boolean }
  type FulfillmentCreatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
  input InventoryQuantityInput { inventoryItemId: ID! locationId: ID! quantity: Int! compareQuantity: Int }
  input InventorySetQuantitiesInput { name: String! reason: String! referenceDocumentUri: String ignoreCompareQuantity: Boolean quantities: [InventoryQuantityInput!]! }
  type InventorySetQuantitiesPayload { userErrors: [InventorySetQuantitiesUserError!]! }
  enum CurrencyCode { CNY USD EUR GBP HKD JPY KWD }
  input MoneyInput { amount: Decimal! currencyCode: CurrencyCode! }
  input MoneyBagInput { shopMoney: MoneyInput! presentmentMoney: MoneyInput }
  enum ProductStatus { ACTIVE ARCHIVED DRAFT }
  enum WeightUnit { GRAMS KILOGRAMS OUNCES POUNDS }
  input WeightInput { value: Float! unit: WeightUnit! }
  input InventoryItemMeasurementInput { weight: WeightInput }
  input InventoryItemInput { sku: String tracked: Boolean measurement: InventoryItemMeasurementInput }
  input OptionValueSetInput { id: ID name: String }
  input OptionSetInput { id: ID name: String position: Int values: [OptionValueSetInput!] }
  input VariantOptionValueInput { optionName: String name: String }
  input ProductVariantSetInput { id: ID sku: String barcode: String price: Decimal optionValues: [VariantOptionValueInput!]! inventoryItem: InventoryItemInput }
  input ProductSetInput {
    id: ID handle: String title: String descriptionHtml: String vendor: String productType: String status: ProductStatus tags: [String!]
    productOptions: [OptionSetInput!] variants: [ProductVariantSetInput!]
  }
  type ProductSetUserError { code: String field: [String!] message: String! }
  type ProductSetPayload { product: Product userErrors: [ProductSetUserError!]! }
  input MailingAddressInput {
    firstName: String lastName: String company: String phone: String address1: String address2: String city: String province: String provinceCode: String zip: String countryCode: String
  }
  input OrderCreateLineItemInput { variantId: ID sku: String title: String quantity: Int! requiresShipping: Boolean priceSet: MoneyBagInput }
  input OrderCreateShippingLineInput { title: String! code: String priceSet: MoneyBagInput! }
  input OrderCreateTaxLineInput { title: String! rate: Decimal! priceSet: MoneyBagInput }
  input OrderCreateFixedDiscountCodeAttributesInput { code: String! amountSet: MoneyBagInput }
  input OrderCreateDiscountCodeInput { itemFixedDiscountCode: OrderCreateFixedDiscountCodeAttributesInput }
  enum OrderCreateFinancialStatus { PENDING AUTHORIZED PARTIALLY_PAID PAID PARTIALLY_REFUNDED REFUNDED VOIDED EXPIRED }
  input OrderCreateOrderInput {
    currency: CurrencyCode name: String email: String phone: String note: String tags: [String!] processedAt: DateTime financialStatus: OrderCreateFinancialStatus
    sourceIdentifier: String sourceName: String sourceUrl: URL taxesIncluded: Boolean test: Boolean lineItems: [OrderCreateLineItemInput!] shippingLines: [OrderCreateShippingLineInput!]
    taxLines: [OrderCreateTaxLineInput!] discountCode: OrderCreateDiscountCodeInput shippingAddress: MailingAddressInput billingAddress: MailingAddressInput
  }
  enum OrderCreateInputsInventoryBehavior { BYPASS DECREMENT_IGNORING_POLICY DECREMENT_OBEYING_POLICY }
  input OrderCreateOptionsInput { inventoryBehaviour: OrderCreateInputsInventoryBehavior sendReceipt: Boolean sendFulfillmentReceipt: Boolean }
  type OrderCreatePayload { order: Order userErrors: [UserError!]! }
  enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
  type OrderCancelUserError { code: String field: [String!] message: String! }
  type OrderCancelPayload { orderCancelUserErrors: [OrderCancelUserError!]! }
  type Mutation {
    productSet(input: ProductSetInput!, synchronous: Boolean): ProductSetPayload
    orderCreate(order: OrderCreateOrderInput!, options: OrderCreateOptionsInput): OrderCreatePayload
    orderCancel(orderId: ID!, reason: OrderCancelReason!, refund: Boolean!, restock: Boolean!, notifyCustomer: Boolean, staffNote: String): OrderCancelPayload
    fulfillmentCreate(fulfillment: FulfillmentInput!, message: String): FulfillmentCreatePayload
    inventorySetQuantities(input: InventorySetQuantitiesInput!): InventorySetQuantitiesPayload
    webhookSubscriptionCreate(topic: WebhookSubscriptionTopic!, webhookSubscription: WebhookSubscriptionInput!): WebhookSubscriptionCreatePayload
  }
`);
