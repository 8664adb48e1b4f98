export { record as probe } from '@quanyu/outbox';
