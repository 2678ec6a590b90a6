import { Router } from 'express';
import { pool } from '../db/pool.js';
import { session } from './session.js';

export const orders = Router();

orders.use(session);

orders.get('/', async (_req, res) => {
  const { rows } = await pool.query('select id, total from orders where customer = $1', [res.locals['customer']]);
  res.json(rows);
});

orders.post('/', async (req, res) => {
  const { rows } = await pool.query('insert into orders (customer, total) values ($1, $2) returning id', [
    res.locals['customer'],
    req.body.total,
  ]);
  res.status(201).json(rows[0]);
});
