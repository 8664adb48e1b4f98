import { isId, parseId } from '@quanyu/ids';
import { labelPng, labelSvg, LABEL_SIZES, standardTemplate, type LabelSize } from '@quanyu/labels';
import { DateTime, ProductError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { createPrintBatch, MOST_LABELS, reportPrinted, takeLabels } from '../commands/shipping/print-batches.js';
import { saveTemplate, templateFrom } from '../commands/shipping/shipping-settings.js';
import { PRINT_FORMATS, type PrintFormat } from '../queries/draw-labels.js';
import { labelTemplates, previewContent, type TemplateRow } from '../queries/label-templates.js';
import { itemsByBatch, printBatches, waybillById, type BatchRow } from '../queries/waybills.js';
import { enumOf } from './order.type.js';
import { OrdersUserError, toErrors } from './orders-user-error.type.js';
import { WaybillType } from './waybill.type.js';

const PrintFormatEnum = enumOf(PRINT_FORMATS);
registerEnumType(PrintFormatEnum, { name: 'PrintFormat', description: "PDF for any printer, ZPL for label printers of 203 dpi, CAINIAO for the print component of Taobao and of shops that use it: a task to send to it as it is." });
/** Names may not begin with a digit. */
const SIZES = { MM_76X130: '76x130', MM_100X180: '100x180' } as const satisfies Record<string, LabelSize>;
const LabelSizeEnum = SIZES;
registerEnumType(LabelSizeEnum, { name: 'LabelSize', description: `Width by height in millimetres: ${Object.keys(LABEL_SIZES).join(', ')}.` });

@InputType()
class CreatePrintBatchInput {
  @Field(() => [ID], { description: '1 to 1000.' }) waybillIds!: string[];
  @Field(() => PrintFormatEnum) format!: PrintFormat;
  @Field(() => LabelSizeEnum, { nullable: true, description: 'Of the standard layout, MM_76X130 where it is not given; a template has its own size.' }) size?: LabelSize | null;
  @Field(() => ID, { nullable: true }) templateId?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Print them again though they have been printed.' }) again!: boolean;
  @Field() idempotencyKey!: string;
}

@ObjectType()
class PrintItemType {
  @Field({ description: 'WAITING, HANDED_OUT, PRINTED or FAILED.' }) state!: string;
  @Field(() => Int, { description: 'How often it was handed out; after three it has failed.' }) attempts!: number;
  @Field(() => String, { nullable: true }) failureCode!: string | null;
  @Field(() => WaybillType) waybill!: WaybillType;
}

@ObjectType('PrintBatch', { description: 'Labels that are printed together, and how far they are.' })
export class PrintBatchType {
  @Field(() => ID) id!: string;
  @Field(() => PrintFormatEnum) format!: PrintFormat;
  @Field(() => Int) total!: number;
  @Field(() => Int, { description: 'Left out, since they had been printed or another batch is at them.' }) skipped!: number;
  @Field(() => Int) waiting!: number;
  @Field(() => Int) handedOut!: number;
  @Field(() => Int) printed!: number;
  @Field(() => Int) failed!: number;
  @Field(() => DateTime) createdAt!: Date;
}

@ObjectType()
class PrintBatchPayload {
  @Field(() => PrintBatchType, { nullable: true }) batch!: PrintBatchType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@ObjectType({ description: 'What is to be printed.' })
class LabelDocumentType {
  @Field({ description: 'application/pdf, application/zpl, or application/json for a task of the component.' }) contentType!: string;
  @Field() base64!: string;
}

@ObjectType()
class TakeLabelsPayload {
  @Field(() => [ID], { description: 'In the order of their pages; report them with reportPrinted.' }) waybillIds!: readonly string[];
  @Field(() => LabelDocumentType, { nullable: true, description: 'Null when nothing waits.' }) document!: LabelDocumentType | null;
  @Field(() => PrintBatchType, { nullable: true }) batch!: PrintBatchType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@InputType()
class FailedLabelInput {
  @Field(() => ID) waybillId!: string;
  @Field({ description: 'PAPER_OUT, JAMMED, ...: capitals, digits and underscores.' }) code!: string;
}

@InputType()
class ReportPrintedInput {
  @Field(() => ID) batchId!: string;
  @Field(() => [ID], { defaultValue: [] }) printed!: string[];
  @Field(() => [FailedLabelInput], { defaultValue: [] }) failed!: FailedLabelInput[];
}

@InputType()
class LabelTemplateInput {
  @Field(() => LabelSizeEnum) size!: LabelSize;
  @Field(() => String, { defaultValue: '', description: 'Up to 60 signs.' }) slogan!: string;
  @Field(() => String, { nullable: true, description: 'A PNG in base64, at most 1200 by 1200 dots.' }) logo?: string | null;
  @Field(() => String, { nullable: true, description: 'JSON: what stands where, in millimetres. Not given: the standard layout.' }) elements?: string | null;
}

@InputType()
class SaveLabelTemplateInput extends LabelTemplateInput {
  @Field(() => ID, { nullable: true, description: 'Of the template to change.' }) id?: string | null;
  @Field() name!: string;
}

@ObjectType('LabelTemplate', { description: 'How labels look: data that a person changes.' })
class LabelTemplateType {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field(() => LabelSizeEnum) size!: LabelSize;
  @Field() slogan!: string;
  @Field() hasLogo!: boolean;
  @Field({ description: 'JSON.' }) elements!: string;
  @Field(() => Int) version!: number;
}

@ObjectType()
class LabelTemplatePayload {
  @Field(() => LabelTemplateType, { nullable: true }) template!: LabelTemplateType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@ObjectType({ description: 'A label as a picture, with its people masked.' })
class LabelPreviewType {
  @Field(() => String, { nullable: true }) svg!: string | null;
  @Field(() => String, { nullable: true, description: 'Dot by dot as a printer of 203 dpi prints it, in base64.' }) png!: string | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

const batchOf = async (ctx: GraphContext, id: string): Promise<PrintBatchType | null> => ((await printBatches(ctx, { ids: [id] }))[0] ?? null) as PrintBatchType | null;
const shown = ({ id, name, version, template: { size, slogan, logo, elements } }: TemplateRow): LabelTemplateType => ({ id, name, version, size, slogan, hasLogo: logo !== null, elements: JSON.stringify(elements) });

@Resolver(() => PrintBatchType)
export class PrintResolver {
  @Query(() => [PrintBatchType], { description: 'The newest print batches.' })
  printBatches(@Ctx() ctx: GraphContext, @Arg('first', () => Int, { defaultValue: 20 }) first: number): Promise<BatchRow[]> {
    ctx.viewer.must('orders:read');
    return printBatches(ctx, { first });
  }

  @Query(() => PrintBatchType, { nullable: true })
  printBatch(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<PrintBatchType | null> {
    ctx.viewer.must('orders:read');
    return batchOf(ctx, parseId('ptb', id));
  }

  @FieldResolver(() => [PrintItemType])
  async items(@Root() batch: PrintBatchType, @Ctx() ctx: GraphContext): Promise<PrintItemType[]> {
    const items = await itemsByBatch(ctx).load(batch.id);
    const waybills = await Promise.all(items.map(({ waybillId }) => waybillById(ctx).load(waybillId)));
    // Those of other channels than the viewer's are left out.
    return items.flatMap((item, at) => (waybills[at] ? [{ ...item, waybill: waybills[at] as unknown as WaybillType }] : []));
  }

  @Mutation(() => PrintBatchPayload, { description: 'Puts labels together to be printed; those that were printed are left out.' })
  async createPrintBatch(@Arg('input', () => CreatePrintBatchInput) { waybillIds, templateId, size, ...input }: CreatePrintBatchInput, @Ctx() ctx: GraphContext): Promise<PrintBatchPayload> {
    ctx.viewer.must('orders:print');
    const result = await createPrintBatch(ctx, { ...input, size: size ?? '76x130', waybillIds: waybillIds.map((id) => parseId('wbl', id)), templateId: templateId ? parseId('ltp', templateId) : null });
    return result.kind === 'refused' ? { batch: null, userErrors: toErrors(result, ctx) } : { batch: await batchOf(ctx, result.batchId), userErrors: [] };
  }

  @Mutation(() => TakeLabelsPayload, { description: 'The next labels of a batch, in clear, for who prints them. What is not reported within ten minutes is handed out again.' })
  async takeLabels(@Ctx() ctx: GraphContext, @Arg('batchId', () => ID) batchId: string, @Arg('most', () => Int, { defaultValue: 50, description: `At most ${MOST_LABELS}.` }) most: number): Promise<TakeLabelsPayload> {
    ctx.viewer.must('orders:print');
    const result = await takeLabels(ctx, { batchId: parseId('ptb', batchId), most });
    if (result.kind === 'refused') return { waybillIds: [], document: null, batch: null, userErrors: toErrors(result, ctx) };
    return { waybillIds: result.waybillIds, document: result.document, batch: await batchOf(ctx, result.batchId), userErrors: [] };
  }

  @Mutation(() => PrintBatchPayload, { description: 'Says what became of labels. A failed one is handed out again, three times in all.' })
  async reportPrinted(@Arg('input', () => ReportPrintedInput) { batchId, printed, failed }: ReportPrintedInput, @Ctx() ctx: GraphContext): Promise<PrintBatchPayload> {
    ctx.viewer.must('orders:print');
    const result = await reportPrinted(ctx, { batchId: parseId('ptb', batchId), printed: printed.map((id) => parseId('wbl', id)), failed: failed.map(({ waybillId, code }) => ({ waybillId: parseId('wbl', waybillId), code })) });
    return result.kind === 'refused' ? { batch: null, userErrors: toErrors(result, ctx) } : { batch: await batchOf(ctx, result.batchId), userErrors: [] };
  }

  @Query(() => [LabelTemplateType])
  async labelTemplates(@Ctx() ctx: GraphContext): Promise<LabelTemplateType[]> {
    ctx.viewer.must('orders:read');
    return (await labelTemplates(ctx)).map(shown);
  }

  @Mutation(() => LabelTemplatePayload, { description: 'Keeps how labels look: logo, slogan, and what stands where.' })
  async saveLabelTemplate(@Arg('input', () => SaveLabelTemplateInput) { id, logo, elements, ...input }: SaveLabelTemplateInput, @Ctx() ctx: GraphContext): Promise<LabelTemplatePayload> {
    ctx.viewer.must('orders:write');
    const result = await saveTemplate(ctx, { ...input, id: id ? parseId('ltp', id) : null, logo: logo ?? null, elements: elements ?? null });
    if (result.kind === 'refused') return { template: null, userErrors: toErrors(result, ctx) };
    const [template] = await labelTemplates(ctx, [result.templateId]);
    return { template: shown(template!), userErrors: [] };
  }

  @Query(() => LabelPreviewType, { description: 'A label as it would look: of a template that is kept, or of one that is being made; with a waybill in it, or a sample.' })
  async labelPreview(
    @Ctx() ctx: GraphContext, @Arg('template', () => LabelTemplateInput, { nullable: true }) input?: LabelTemplateInput,
    @Arg('templateId', () => ID, { nullable: true }) templateId?: string, @Arg('waybillId', () => ID, { nullable: true }) waybillId?: string,
  ): Promise<LabelPreviewType> {
    ctx.viewer.must('orders:read');
    if (waybillId !== undefined && !isId('wbl', waybillId)) throw new ProductError('INPUT_INVALID', 'waybillId');
    const made = input ? templateFrom({ ...input, logo: input.logo ?? null, elements: input.elements ?? null }) : null;
    if (made !== null && 'kind' in made) return { svg: null, png: null, userErrors: toErrors(made, ctx) };
    const kept = templateId ? (await labelTemplates(ctx, [parseId('ltp', templateId)]))[0]?.template : undefined;
    const label = { template: made ?? kept ?? standardTemplate('76x130'), content: await previewContent(ctx, waybillId ?? null) };
    return { svg: labelSvg(label), png: labelPng(label).toString('base64'), userErrors: [] };
  }
}
