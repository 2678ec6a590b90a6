import type { Endpoint } from '../../facts/endpoints.ts';
import type { Context } from '../reading/context.ts';
import type { Stage } from '../reading/stages.ts';

/** Packages whose calls cost money each time. */
const paid: readonly (readonly [RegExp, string])[] = [
  [/^(?:openai|@azure\/openai|@ai-sdk\/.*|ai|@openai\/.*)$/, 'a language model'],
  [
    /^(?:@anthropic-ai\/.*|@google\/(?:generative-ai|genai)|@google-cloud\/(?:vertexai|aiplatform)|cohere-ai|@mistralai\/.*|groq-sdk|replicate|@huggingface\/inference|langchain|@langchain\/.*|llamaindex|ollama|together-ai)$/,
    'a language model',
  ],
  [/^(?:twilio|@vonage\/.*|messagebird|plivo)$/, 'text messages'],
];

const spends =
  /^(?:create|generateText|streamText|generateObject|streamObject|generateContent\w*|sendMessage\w*|invoke|stream|call|complete\w*|chat|run|embed\w*|parse|generate|predict|textGeneration)$/;

/** What an endpoint spends on every call. */
export function expenseOf(context: Context, endpoint: Endpoint): string {
  const stage: Stage | undefined = context.stages.of(endpoint).at(-1);
  if (!stage || stage.link) return '';
  for (const { calls } of stage.reached?.functions ?? [])
    for (const { site, origin } of calls) {
      if (!spends.test(site.name) || origin.kind !== 'package') continue;
      const found = paid.find(([packages]) => packages.test(origin.package));
      if (found) return found[1];
    }
  return '';
}
