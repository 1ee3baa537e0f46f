import type { Vendor } from '../../model/vendor.js';
import { errorMessage } from './api.js';
import { llm } from './llm.js';
import { secret } from './secret.js';

/** LiveAvatar (HeyGen): LLM configurations and the secrets that they refer to. */
export const vendor: Vendor = {
  id: 'liveavatar',
  title: 'LiveAvatar',
  baseUrl: 'https://api.liveavatar.com',
  hosts: ['api.liveavatar.com'],
  auth: { header: 'X-API-KEY', prefix: '' },
  credential: 'an API key from app.liveavatar.com/developers (HeyGen keys do not work)',
  kinds: [secret, llm],
  errorMessage,
};
