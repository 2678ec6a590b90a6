import express from 'express';
import { admin } from './http/admin.js';
import { health } from './http/health.js';
import { orders } from './http/orders.js';

const app = express();
app.use(express.json());
app.use('/health', health);
app.use('/orders', orders);
app.use('/admin', admin);

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`orders listens on ${port}`));
