// The smallest configuration: npm start -- examples/minimal.config.ts
import { defineConfig } from 'aorta';

export default defineConfig({
  listen: ['udp:127.0.0.1:5060', 'tcp:127.0.0.1:5060'],
  domains: ['example.org'],
});
