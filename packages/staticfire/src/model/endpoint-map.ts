import type { AssessedStep, Assessment } from './assessment.ts';

/** The version of the map's form. */
export const endpointMapSchema = 1;

/** One protection of an endpoint: what it is, or why it does not count, with the path that proves it. */
export interface MappedProtection {
  answer: 'yes' | 'no' | 'unknown';
  what: string;
  why: string;
  trail: MappedStep[];
}

/** A step with the code that stands there, where it was asked for; secrets are redacted. */
export interface MappedStep extends AssessedStep {
  excerpt?: string;
  excerptLine?: number;
}

export interface MappedLink {
  name: string;
  role: string;
  file: string;
  line: number;
}

export interface MappedEndpoint {
  service: string;
  surface: 'http' | 'rpc' | 'graphql';
  method: string;
  path: string;
  file: string;
  line: number;
  framework: string;
  /** Why it may be open to everyone; null where nothing says so. */
  open: { kind: string; why: string } | null;
  /** What makes it sensitive, one clause each. */
  sensitive: string[];
  /** By name: 'authentication', 'authorization', 'signature', 'input', 'limit', … */
  protections: Record<string, MappedProtection>;
  /** What runs before the handler, in order. */
  chain: MappedLink[];
}

/** Every endpoint of every service, with what its chain really reaches. */
export interface EndpointMap {
  schema: typeof endpointMapSchema;
  tool: Assessment['tool'];
  subject: Assessment['subject'];
  services: { id: string; root: string; endpoints: number }[];
  /** In the order of services, surfaces, paths and methods. */
  endpoints: MappedEndpoint[];
  /** What could not be read: a path, a method, or how many endpoints stand there. */
  lost: { service: string; what: string; why: string; file: string; line?: number }[];
  /** Frameworks whose endpoints no reader knows, by service. */
  unread: { service: string; framework: string }[];
}
