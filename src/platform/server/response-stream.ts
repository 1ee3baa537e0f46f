import type { ServerResponse } from 'node:http';

/** The sending end of a stream. */
export interface ResponseStream {
  /** A reader that does not keep up is dropped: it will connect again, and what is kept for it has an end. */
  send(text: string): void;
  end(): void;
}

const MOST_WAITING_BYTES = 256 * 1024;

/** Opens a stream over an answer whose headers are out, and keeps it in `streams` until it has ended. */
export function openResponseStream(
  response: ServerResponse,
  open: (outlet: ResponseStream) => () => void,
  streams: Set<ResponseStream>,
): void {
  const outlet: ResponseStream = {
    send(text) {
      if (response.writableEnded || response.destroyed) return;
      if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
      else response.write(text);
    },
    end: () => response.end(),
  };
  streams.add(outlet);
  const gone = open(outlet);
  response.once('close', () => {
    streams.delete(outlet);
    gone();
  });
}
