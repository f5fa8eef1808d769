// A client of an audio stream, driven by lines of JSON on stdin; prints what it receives as lines of JSON.
// Arguments: the URL with the namespace, the token ('' for none), the transports ('polling,websocket'), and 'auth' or
// 'header' for where the token is shown.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [url, token, transports, place] = process.argv.slice(2);
const credentials =
  place === 'header' ? { extraHeaders: { Authorization: `Bearer ${token}` } } : token ? { auth: { token } } : {};
const socket = io(url, { transports: transports.split(','), reconnection: false, forceNew: true, ...credentials });
const print = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);

socket.onAny((event, fields) => print(event, fields));
socket.on('connect', () => print('connect', { id: socket.id, transport: socket.io.engine.transport.name }));
socket.on('connect_error', (error) => print('connect_error', { message: error.message, code: error.data?.code }));
socket.on('disconnect', (reason) => print('disconnect', { reason }));
socket.io.engine.on('upgrade', (transport) => print('upgrade', { transport: transport.name }));

const commands = {
  chunk: ({ audio }) => socket.emit('audio_chunk', audio),
  object: ({ audio }) => socket.emit('audio_chunk', { audio }),
  binary: ({ audio }) => socket.emit('audio_chunk', Buffer.from(audio, 'base64')),
  acknowledged: ({ audio, id }) => socket.emit('audio_chunk', audio, () => print('acknowledged', { acknowledged: id })),
  emit: ({ name, data }) => socket.emit(name, data),
  stop: () => socket.emit('stop'),
  disconnect: () => socket.disconnect(),
};
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    commands[command.do](command);
  })
  .on('close', () => process.exit(0));
