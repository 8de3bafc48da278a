import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { document, problemOf, Refusal } from './problems.ts';

/** Requests that break before they reach a route: answered with the same problem documents as all others. */

const BROKEN: Readonly<Record<string, readonly [status: number, code: string, vi: string, en: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'Phần đầu của yêu cầu quá lớn.', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    'request-too-slow',
    'Yêu cầu chưa gửi hết trong thời gian cho phép; vui lòng gửi lại.',
    'The request did not arrive in time; please send it again.',
  ],
};
const MALFORMED = [400, 'malformed-request', 'Yêu cầu không đúng chuẩn HTTP.', 'The request is not sound HTTP.'] as const;

/** What the parser or a deadline says of a connection; the sender is told, then the connection ends. */
export const answerBroken: NonNullable<FastifyServerOptions['clientErrorHandler']> = (error, socket: Socket) => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const [status, code, vi, en] = BROKEN[error.code] ?? MALFORMED;
    const problem = document(status, code, { vi, en });
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${status} ${problem.title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
};

/** What the router refuses before any route is known: an address that is no text, or too long. */
export function answerUnroutable(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problemOf(error));
}

export const sendProblem = (reply: FastifyReply, problem: ReturnType<typeof problemOf>): FastifyReply =>
  reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);

/** Nothing is unpacked here, so nothing can unpack without end; and JSON is UTF-8, whatever a header calls it. */
export async function refuseEncodings({ headers }: FastifyRequest): Promise<void> {
  const packing = headers['content-encoding'];
  if (packing !== undefined && packing.toLowerCase() !== 'identity') {
    throw new Refusal(415, 'content-encoding', {
      vi: 'Không nhận nội dung nén (Content-Encoding); đề nghị gửi nguyên dạng.',
      en: 'Packed bodies (Content-Encoding) are not taken; please send it as it is.',
    });
  }
  const charset = /^application\/json\b.*;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Refusal(415, 'charset', {
      vi: 'Nội dung JSON phải theo bảng mã UTF-8.',
      en: 'JSON must come in UTF-8.',
    });
  }
}
