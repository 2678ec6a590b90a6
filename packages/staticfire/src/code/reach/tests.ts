const byName =
  /(?:[._-](?:test|tests|spec|specs|e2e|e2e-spec|it|integration|cy)\.[cm]?[jt]sx?$)|(?:^|\/)(?:test|tests|spec)\.[cm]?[jt]sx?$/;
const byFolder = /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|__snapshots__|cypress|playwright|e2e)\//;
/** Folders of tests by custom; product code may live in one that is called so, which what reaches it decides. */
const looser = /(?:^|\/)(?:tests?|specs?|integration-tests|[\w-]+-e2e|app-tests|test-utils|testing)\//;
const settings =
  /(?:^|\/)(?:vitest|jest|playwright|cypress|karma|ava|mocha|wdio|\.mocharc)[\w.-]*\.(?:config|setup|workspace|rc)?\.?[cm]?[jt]s$|(?:^|\/)(?:jest|vitest|test)[._-]?setup[\w.-]*\.[cm]?[jt]sx?$|(?:^|\/)setup-?[tT]ests?\.[cm]?[jt]sx?$/;

/** Does a test runner pick the file up, or is it made for one, by name and folder? */
export const isTestFile = (path: string): boolean =>
  byName.test(path) || byFolder.test(path) || looser.test(path) || settings.test(path);
