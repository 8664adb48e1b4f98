import type { LabelField, LabelTemplate } from './template.js';

/** What stands on one label, by field; a field that is missing or empty leaves its place free. */
export type LabelContent = { readonly trackingNumber: string } & { readonly [field in Exclude<LabelField, 'trackingNumber'>]?: string | null };

/** One label to be drawn. */
export interface Label { readonly template: LabelTemplate; readonly content: LabelContent }
