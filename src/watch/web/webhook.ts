import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Daemon } from '../state/model.js';
import type { Routes } from './routes.js';

/**
 * GitHub's webhook, and any other that signs as GitHub does. It is a hint and no more: the body proves that the
 * sender knows the secret, and is not looked at otherwise.
 */
export function webhookRoutes(daemon: Daemon, secret: string | undefined): Routes {
  if (secret === undefined) return {};
  return {
    '/hook': {
      POST(request) {
        if (!isSigned(request.body, request.header('x-hub-signature-256'), secret)) {
          return { status: 401, body: 'The signature is missing or wrong\n' };
        }
        daemon.sync('webhook');
        return { status: 202, body: 'accepted\n' };
      },
    },
  };
}

function isSigned(body: Buffer, signature: string | undefined, secret: string): boolean {
  const [, hex = ''] = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? '') ?? [];
  const given = Buffer.from(hex, 'hex');
  const due = createHmac('sha256', secret).update(body).digest();
  return given.length === due.length && timingSafeEqual(given, due);
}
