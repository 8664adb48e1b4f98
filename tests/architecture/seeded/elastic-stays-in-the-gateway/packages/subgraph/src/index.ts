import { composeServices } from '@apollo/composition';

export const compose = composeServices;
