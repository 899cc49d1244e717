import { createDataProcessor, createDataPusher } from 'weir-stream';

/** Lines of JSON on standard input, one record each; what became of them on standard output; live on port 8081. */
const processor = createDataProcessor();
const pusher = createDataPusher({ port: 8081 });
await pusher.listen();

process.stdin.setEncoding('utf8');
let rest = '';
for await (const text of process.stdin) {
  const lines = (rest + String(text)).split('\n');
  rest = lines.pop() ?? '';
  for (const value of lines.filter((line) => line !== '')) {
    const processed = processor.process({ value });
    if (processed._tag === 'processed') {
      const device = processor.getDevice(processed.data.device);
      if (device !== null) pusher.pushDeviceData(device);
    }
    pusher.pushAlert(...processed.alerts);
    console.log(JSON.stringify(processed));
  }
}
console.error(processor.getStats());
await pusher.close();
