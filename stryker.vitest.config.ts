import { defineConfig } from 'vitest/config';

// `ROOM=papr npx stryker run --mutate 'src/papr/**/*.ts'` runs a room's own tests only. Property tests are short here.
const room = process.env['ROOM'];

export default defineConfig({
  test: {
    include: [room ? `test/${room}/**/*.test.ts` : 'test/*/**/*.test.ts'],
    testTimeout: 60_000,
    reporters: [],
  },
});
