import helmet from 'helmet';

/** Security headers for every response. */
export const headers = helmet();
