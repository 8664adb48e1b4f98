export interface TakeOrderInput { id: string }
