import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  // Relative addresses, so that the built folder works wherever it is copied to.
  base: './',
  worker: { format: 'es' },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: { host: 'localhost' },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts'],
    exclude: ['e2e/**', 'node_modules/**', 'dist/**'],
    pool: 'threads',
    // A forgotten `.only` would silently skip everything beside it.
    allowOnly: false,
    // Limits are against hanging, not for speed: a busy machine takes its time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
