import { parseId } from '@quanyu/ids';
import { Connection, DateTime, PageArgs, parsePage, toUserError, type GraphContext, type Page, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, Float, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { cancelStockImport, startStockImport, type ImportResult } from '../commands/counts/start-stock-import.js';
import type { ImportFormat, ImportMode } from '../domain/import-rows.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { stockImportById, stockImportPage, stockImportPath } from '../queries/stock-imports.js';
import { InventoryUserError } from './inventory-user-error.type.js';

const StockImportFormatEnum = { CSV: 'CSV', JSONL: 'JSONL' } as const satisfies Record<ImportFormat, ImportFormat>;
registerEnumType(StockImportFormatEnum, {
  name: 'StockImportFormat',
  valuesConfig: {
    CSV: { description: 'UTF-8 with a header: `sku`, `quantity` and, where there are several, `location`. A SKU by its code or id, a location by its code or id.' },
    JSONL: { description: 'One object a line: `{"sku": "QY-1", "location": "east", "quantity": 5}`.' },
  },
});
const StockImportModeEnum = { SET: 'SET', ADJUST: 'ADJUST' } as const satisfies Record<ImportMode, ImportMode>;
registerEnumType(StockImportModeEnum, {
  name: 'StockImportMode',
  valuesConfig: {
    SET: { description: 'Quantities are what was counted. Less than is promised raises a deficit. Of two rows for the same level the later one holds.' },
    ADJUST: { description: 'Quantities are added and may be negative. A row that would leave less than is promised is refused.' },
  },
});
const StockImportStateEnum = { AWAITING_FILE: 'AWAITING_FILE', RECEIVING: 'RECEIVING', QUEUED: 'QUEUED', RUNNING: 'RUNNING', DONE: 'DONE', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(StockImportStateEnum, { name: 'StockImportState' });

@ObjectType('StockImport', { description: 'A file of stock and how far it has been worked off. Killed at any moment, it goes on where it was; no row is applied twice.' })
class StockImportType {
  @Field(() => ID) id!: string;
  @Field(() => StockImportFormatEnum) format!: ImportFormat;
  @Field(() => StockImportModeEnum) mode!: ImportMode;
  @Field(() => StockImportStateEnum) state!: keyof typeof StockImportStateEnum;
  @Field(() => String, { nullable: true, description: 'Why the file was refused as a whole.' }) failureCode!: string | null;
  @Field(() => Float, { description: 'Size of the file.' }) bytes!: number;
  @Field(() => Int, { description: 'Rows of the file; empty lines count until it is done.' }) rowsTotal!: number;
  @Field(() => Int) rowsDone!: number;
  @Field(() => Int) rowsApplied!: number;
  @Field(() => Int) rowsRefused!: number;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true }) doneAt!: Date | null;
  tenantId!: string;
}

const StockImportConnection = Connection(StockImportType, 'StockImport');

@InputType()
class StartStockImportInput {
  @Field(() => StockImportFormatEnum) format!: ImportFormat;
  @Field(() => StockImportModeEnum) mode!: ImportMode;
  @Field({ defaultValue: 'main', description: 'Code of the location for rows that name none.' }) defaultLocation!: string;
  @Field({ description: 'The same key again answers the same import.' }) idempotencyKey!: string;
}

@InputType()
class CancelStockImportInput {
  @Field(() => ID) importId!: string;
}

@ObjectType()
class StockImportPayload {
  @Field(() => StockImportType, { nullable: true }) stockImport!: StockImportType | null;
  @Field(() => String, { nullable: true, description: 'PUT the file here, as it is, within a day; again if it was cut off.' }) uploadPath!: string | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => StockImportType)
export class StockImportResolver {
  @Query(() => StockImportConnection, { description: 'Files of stock, newest first.' })
  stockImports(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<StockImportType>> {
    ctx.viewer.must('inventory:read');
    return stockImportPage(ctx, parsePage(page)) as unknown as Promise<Page<StockImportType>>;
  }

  @Query(() => StockImportType, { nullable: true })
  stockImport(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphContext): Promise<StockImportType | null> {
    ctx.viewer.must('inventory:read');
    return stockImportById(ctx).load(parseId('imp', id)) as Promise<StockImportType | null>;
  }

  @Mutation(() => StockImportPayload, { description: 'Makes a place for a file of stock; the file itself is put to `uploadPath`.' })
  startStockImport(@Arg('input', () => StartStockImportInput) input: StartStockImportInput, @Ctx() ctx: GraphContext): Promise<StockImportPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, startStockImport(ctx, { ...input }));
  }

  @Mutation(() => StockImportPayload, { description: 'Stops an import. What it has changed stays, and the journal tells what.' })
  cancelStockImport(@Arg('input', () => CancelStockImportInput) { importId }: CancelStockImportInput, @Ctx() ctx: GraphContext): Promise<StockImportPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, cancelStockImport(ctx, parseId('imp', importId)));
  }

  @FieldResolver(() => String, { nullable: true, description: 'A file of the refused rows with line and reason, good for seven days; null while there are none.' })
  refusedRowsPath(@Root() { id, tenantId, rowsRefused }: StockImportType, @Ctx() ctx: GraphContext): string | null {
    return rowsRefused === 0 ? null : stockImportPath(ctx.deps.vault, { tenantId, id }, 'refused', new Date());
  }

  async #payload(ctx: GraphContext, work: Promise<ImportResult>): Promise<StockImportPayload> {
    const result = await work;
    if (result.kind === 'refused') return { stockImport: null, uploadPath: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    const stockImport = await stockImportById(ctx).load(result.importId) as StockImportType;
    const awaits = stockImport.state === 'AWAITING_FILE' || stockImport.state === 'RECEIVING';
    return { stockImport, uploadPath: awaits ? stockImportPath(ctx.deps.vault, stockImport, 'upload', new Date()) : null, userErrors: [] };
  }
}
