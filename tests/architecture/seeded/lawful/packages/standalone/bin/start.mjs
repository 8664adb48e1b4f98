import { prepare } from '../../config/setup.mjs';

prepare();
