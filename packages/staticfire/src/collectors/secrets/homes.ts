import type { SecretHome } from '../../facts/secrets.ts';

const locks =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|composer\.lock|Gemfile\.lock|Cargo\.lock|poetry\.lock|go\.sum|deno\.lock|Podfile\.lock|uv\.lock)$/;
const readable =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?|txt|rst|adoc|json[c5]?|ya?ml|toml|ini|cfg|conf|config|properties|gradle|kts?|java|swift|plist|xml|sh|bash|zsh|fish|ps1|psm1|bat|cmd|py|rb|php|go|sql|prisma|tf|tfvars|hcl|http|rest|pem|key|p8|crt|pub|graphql|html?|envrc|npmrc|code-workspace|service)$|(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.netrc|\.envrc|Makefile|justfile|Procfile|Dockerfile[\w.-]*|Jenkinsfile|\.htpasswd|README|NOTES|TODO|id_(?:rsa|dsa|ecdsa|ed25519))$/i;
const minified = /\.min\.[cm]?js$|\.bundle\.js$|\.map$|\.snap$|(?:^|\/)(?:\.yarn|\.pnp\.[cm]?js)(?:\/|$)/;
const tests =
  /(?:^|\/)(?:tests?|__tests__|__test__|spec|specs|e2e|cypress|playwright|__mocks__|mocks?|__fixtures__|fixtures?|testdata|test-data|test-utils|testing|integration-tests?|stories|__snapshots__|benchmarks?|examples?|samples?|playground)\/|(?:^|[/._-])(?:tests?|spec|e2e|cy|mocks?|fixtures?|stories|bench|test-?(?:utils?|helpers?|data|keys?))\.[cm]?[jt]sx?$|[._-](?:test|tests|spec|e2e|cy|mock|mocks|fixture|fixtures|stories|bench)\.[\w.]+$|(?:^|\/)(?:jest|vitest|playwright|cypress)\.[\w.]+$/i;
const locales = /(?:^|\/)(?:locales?|i18n|lang|langs|languages|translations?|messages)\/.*\.(?:json|ya?ml|ts|js|po)$/i;
const envFile = /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]*\.env|env\.(?:example|sample|template|dist))$/;

export type Reading = { readonly home: SecretHome } | { readonly skip: string };

const largest = 1_000_000;

/** Where a tracked file's secrets would stand, or why it is not read. */
export function readingOf(path: string, size: number): Reading {
  if (locks.test(path)) return { skip: 'lockfile' };
  // Its access token is meant to be committed.
  if (path.endsWith('nx.json')) return { skip: 'public by design' };
  if (minified.test(path)) return { skip: 'minified or generated' };
  if (envFile.test(path)) return { skip: 'env file, judged on its own' };
  if (!readable.test(path)) return { skip: 'not text' };
  if (tests.test(path)) return { skip: 'test or example' };
  if (locales.test(path)) return { skip: 'translation' };
  if (size > largest) return { skip: 'over 1 MB' };
  return { home: homeOf(path) };
}

function homeOf(path: string): SecretHome {
  if (
    /(?:^|\/)\.(?:github|gitea|forgejo|depot)\/|\.gitlab-ci\.yml$|\.circleci\/|(?:^|\/)\.(?:travis|drone|woodpecker|cirrus|semaphore\/[\w-]+)\.ya?ml$|bitbucket-pipelines\.ya?ml$|azure-pipelines|Jenkinsfile$/.test(
      path,
    )
  )
    return 'workflow';
  if (/\.(?:mdx?|txt|rst|adoc|html?|http|rest)$|(?:^|\/)(?:README|NOTES|TODO)$/i.test(path)) return 'document';
  if (
    /(?:^|\/)(?:docs?|documentation|swagger|openapi|postman|insomnia|bruno)\/.*\.(?:json|ya?ml|toml)$|(?:^|\/)(?:openapi|swagger)[\w.-]*\.(?:json|ya?ml)$|postman_collection\.json$/i.test(
      path,
    )
  )
    return 'document';
  if (/\.(?:sh|bash|zsh|fish|ps1|psm1|bat|cmd|py)$|(?:^|\/)(?:Makefile|justfile)$/.test(path)) return 'script';
  if (path.endsWith('.sql')) return 'database-script';
  if (/\.(?:[cm]?[jt]sx?|vue|svelte|astro|java|kts?|swift|rb|php|go)$/.test(path))
    return /(?:^|\/)(?:scripts?|tools|bin|seeds?|prisma)\//.test(path) ? 'script' : 'source';
  return 'config';
}
