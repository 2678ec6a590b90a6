import type { NextFunction, Request, Response } from 'express';
import { jwtVerify } from 'jose';

const secret = new TextEncoder().encode(process.env.SESSION_SECRET || 'orders-development-secret');

/** Lets a request through when it carries a valid session token. */
export async function session(req: Request, res: Response, next: NextFunction): Promise<void> {
  const token = req.headers.authorization?.replace('Bearer ', '');
  if (!token) {
    res.status(401).json({ error: 'sign in first' });
    return;
  }
  try {
    const { payload } = await jwtVerify(token, secret);
    res.locals['customer'] = payload.sub;
    next();
  } catch {
    res.status(401).json({ error: 'sign in again' });
  }
}
