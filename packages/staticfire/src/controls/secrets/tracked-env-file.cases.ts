import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { trackedEnvFile } from './tracked-env-file.ts';

/** Put together here so that no scanner takes a case for a leak. */
const key = ['q7Rk2', 'Vx9Lm4', 'Tz8Wp3', 'Nc6Yd1', 'Hb5Jf0', 'Gs'].join('');
const hex = ['9f86d081', '884c7d65', '9a2feaa0', 'c55ad015', 'a3bf4f1b'].join('');

export default defineCases(
  trackedEnvFile,
  [
    {
      name: 'a template with placeholders',
      show: 'good',
      files: express({
        '.env.example': 'JWT_SECRET=change-me\nDATABASE_URL=postgres://user:password@localhost:5432/shop\n',
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a key in a tracked file',
      show: 'bad',
      files: express({ '.env.production': `# do not commit\nJWT_SECRET="${key}"\nLOG_LEVEL=info\n` }),
      expect: { verdict: 'fail', findings: ['.env.production:2 secret'] },
    },
    {
      name: 'a database password',
      files: express({
        '.env': `NODE_ENV=production\nDATABASE_URL=postgresql://shop:${key}@db.acme-shop.io:5432/shop\n`,
      }),
      expect: { verdict: 'fail', findings: ['.env:2 secret'] },
    },
    {
      name: 'a password that a person made up',
      files: express({ 'deploy/prod.env': 'SMTP_PASSWORD=Herbst!Regen77\n' }),
      expect: { verdict: 'fail', findings: ['deploy/prod.env:1 secret'] },
    },
    {
      name: 'the key that a vendor prints in its manual for everyone to try',
      near: true,
      files: express({
        '.env.example': `STRIPE_SECRET_KEY=sk_${'test'}_${['4eC39HqLyjWD', 'arjtT1zdp7dc'].join('')}\n`,
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a live key in a template',
      files: express({ '.env.example': `STRIPE_SECRET_KEY=sk_${'live'}_${key}\n` }),
      expect: { verdict: 'fail', findings: ['.env.example:1 template'] },
    },
    {
      name: 'nothing tracked',
      files: express({ '.env': `JWT_SECRET=${key}\n`, '.gitignore': '.env\n' }),
      untracked: ['.env'],
      expect: { verdict: 'pass' },
    },
    {
      name: 'placeholders under other names',
      near: true,
      files: express({
        '.env.production':
          'JWT_SECRET=your-256-bit-secret\nAPI_KEY=xxxxxxxxxxxxxxxxxxxx\nDB_PASSWORD=${DB_PASSWORD}\nSENTRY_TOKEN=<token>\nDATABASE_URL=postgres://user:password@db-host:5432/shop\n',
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'keys that browsers see anyway',
      near: true,
      files: express({
        '.env': `NEXT_PUBLIC_MAPS_TOKEN=${key}\nVITE_API_KEY=${hex}\nSENTRY_DSN=https://${hex.slice(0, 32)}@o1.ingest.sentry.io/2\nCOMMIT=${hex}\n`,
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'values for tests',
      near: true,
      files: express({ '.env.test': `JWT_SECRET=${hex}\nDATABASE_URL=postgres://postgres:postgres@localhost/test\n` }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'encrypted in place',
      near: true,
      files: express({
        '.env.production': `DOTENV_PUBLIC_KEY_PRODUCTION="${hex}"\nJWT_SECRET="encrypted:${key}${key}"\n`,
      }),
      expect: { verdict: 'pass' },
    },
  ],
  { alwaysApplies: 'any repository can track an env file' },
);
