// The peer of `./bench ingest`: a small Node program that writes Exotel calls into Redis Streams. It checks the path
// token, keeps 60 s of each call, uses positions as ids and appends an end entry to each call. It has no ownership, no
// retransmission, no limits and no resume. Commands of one event loop iteration are sent in one write (auto-pipelining).
'use strict';
const { createServer } = require('node:http');
const { WebSocketServer } = require('ws');
const Redis = require('ioredis');

const redis = new Redis(process.env.REDIS_URL, { enableAutoPipelining: true, enableReadyCheck: false });
const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  skipUTF8Validation: true,
  maxPayload: 256 * 1024,
});
const MAX_ENTRIES = 3000;

function onCall(socket) {
  let key = null;
  let position = 0;
  const failed = error => {
    console.error(error);
    socket.close(1011);
  };
  socket.on('error', failed);
  socket.on('message', data => {
    const message = JSON.parse(data);
    switch (message.event) {
      case 'media': {
        if (key === null) return;
        const pcm = Buffer.from(message.media.payload, 'base64');
        position += pcm.length;
        redis.xadd(key, 'MAXLEN', '~', MAX_ENTRIES, position + '-0', 'pcm', pcm, 't', Date.now()).catch(failed);
        break;
      }
      case 'start':
        key = 'audio_stream:{' + message.start.call_sid + '}';
        break;
      case 'stop':
        redis.xadd(key, position + '-1', 'end', message.stop.reason).catch(failed);
        redis.expire(key, 60).catch(failed);
        break;
    }
  });
}

createServer((request, response) => response.end('ok'))
  .on('upgrade', (request, socket, head) => {
    if (request.url !== '/v1/ingest/' + process.env.PATH_TOKEN) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    socket.setNoDelay(true);
    sockets.handleUpgrade(request, socket, head, onCall);
  })
  .listen(Number(process.env.PORT), '127.0.0.1', 4096);
