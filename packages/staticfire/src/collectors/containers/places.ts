import { purposeOf } from './purpose.ts';

const content =
  /^(?:public|static|assets|locales?|i18n|l10n|lang|langs|languages|translations?|messages|content|posts|blog|node_modules|vendor)$/i;

/** Could a platform read its settings there? A file of that name among contents or examples is no setting. */
export const mayConfigure = (path: string): boolean =>
  !path
    .split('/')
    .slice(0, -1)
    .some((part) => content.test(part)) && ['production', 'stale'].includes(purposeOf(path.replace(/[^/]*$/, 'x')));
