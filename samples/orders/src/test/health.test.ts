import assert from 'node:assert/strict';
import { test } from 'node:test';
import express from 'express';
import { health } from '../http/health.js';

test('health answers', async () => {
  const server = express().use('/health', health).listen(0);
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const response = await fetch(`http://127.0.0.1:${address.port}/health`);
  assert.equal(response.status, 200);
  server.close();
});
