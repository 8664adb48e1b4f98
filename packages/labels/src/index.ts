export { CAINIAO_COMMAND, cainiaoTask, type CainiaoDocument, type CainiaoTask, type PrintData } from './cainiao-task.js';
export { LabelError, type LabelErrorCode } from './label-error.js';
export { type Label, type LabelContent } from './label.js';
export { labelPdf } from './pdf.js';
export { labelPng } from './png.js';
export { LABEL_SIZES, type LabelSize } from './sizes.js';
export { labelSvg } from './svg.js';
export { LABEL_FIELDS, parseTemplate, standardTemplate, type LabelElement, type LabelField, type LabelTemplate } from './template.js';
export { labelZpl } from './zpl.js';
