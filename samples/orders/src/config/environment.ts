import { z } from 'zod';

/** What the service needs to run. Ends the process when something is missing. */
const schema = z.object({
  DATABASE_URL: z.url(),
  SESSION_SECRET: z.string().min(32),
  ADMIN_KEY: z.string().min(32),
});

const parsed = schema.safeParse(process.env);
if (!parsed.success) {
  console.error('The environment is not complete:', z.prettifyError(parsed.error));
  process.exit(1);
}

export const environment = parsed.data;
