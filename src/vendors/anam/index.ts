import type { Vendor } from '../../model/vendor.js';
import { errorMessage } from './api.js';
import { llm } from './llm.js';

/** Anam: the LLMs of an organization. */
export const vendor: Vendor = {
  id: 'anam',
  title: 'Anam',
  baseUrl: 'https://api.anam.ai',
  hosts: ['api.anam.ai'],
  auth: { header: 'authorization', prefix: 'Bearer ' },
  credential: 'an API key made in the Anam Lab',
  kinds: [llm],
  errorMessage,
};
