import { securityPolicy, type PolicyDocument } from '../facts/security-policy.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';

const policyName = /^(?:(?:\.\.\/)*(?:\.github\/|docs\/)?|\.gitlab\/)SECURITY(?:\.(?:md|markdown|txt|rst|adoc))?$/i;
const textName = /(?:^|\/)(?:public|static|assets|www|src)?\/?\.well-known\/security\.txt$|^security\.txt$/;
const readmeName = /^(?:\.\.\/)*(?:README|CONTRIBUTING)(?:\.md)?$|^\.github\/(?:README|CONTRIBUTING)\.md$/i;

export const securityPolicyCollector = defineCollector({
  fact: securityPolicy,
  needs: {},
  collect({ workspace }) {
    const paths = [...workspace.files, ...workspace.above].filter((file) => file.tracked).map((file) => file.path);
    const documents = [
      ...paths.filter((path) => policyName.test(path)).flatMap((path) => policy(workspace, path)),
      ...paths.filter((path) => textName.test(path)).flatMap((path) => securityTxt(workspace, path)),
      ...paths.filter((path) => readmeName.test(path)).flatMap((path) => section(workspace, path)),
    ];
    const elsewhere = paths.filter((path) => /(?:^|\/)SECURITY\.md$/.test(path) && !policyName.test(path)).sort();
    return known({
      documents,
      elsewhere,
      searched: [
        'SECURITY.md at the root, in .github and in docs',
        '.well-known/security.txt',
        'README and CONTRIBUTING',
      ],
    });
  },
});

const ways =
  /[\w.+-]+\s?(?:@|\[at\]|\(at\)|<at>)\s?[\w-]+\s?(?:\.|\[dot\]|\(dot\))\s?[\w.-]+|mailto:|(?:e-?mail|write to|message) (?:us|me|the)\b|security\/advisories|\/issues\b|private(?:ly)? (?:vulnerability )?report|report a vulnerability|huntr\.(?:dev|com)|hackerone|bugcrowd|intigriti|https?:\/\/\S*(?:security|vulnerab|disclos)\S*|PGP|contact (?:us|the)|direct message|discord|telegram/i;
const template = /Use this section to tell people how to report a vulnerability|\[INSERT (?:EMAIL|CONTACT)[^\]]*\]/i;

function policy(workspace: Workspace, file: string): readonly PolicyDocument[] {
  const text = workspace.read(file);
  if (text === undefined) return [];
  return [
    {
      file,
      kind: 'policy',
      contact: placeOf(file, text, ways),
      unfilled: template.test(text) || text.trim().length < 40,
    },
  ];
}

function securityTxt(workspace: Workspace, file: string): readonly PolicyDocument[] {
  const text = workspace.read(file) ?? '';
  return [
    {
      file,
      kind: 'security.txt',
      contact: placeOf(file, text, /^Contact:\s*\S+/im),
      unfilled: !/^Contact:/im.test(text),
    },
  ];
}

/** A heading on security whose section names a way to report. */
function section(workspace: Workspace, file: string): readonly PolicyDocument[] {
  const lines = (workspace.read(file) ?? '').split('\n');
  const start = lines.findIndex((line) =>
    /^#{1,4}\s.*\b(?:security (?:policy|issues?|vulnerabilit|disclosure|reports?)|report(?:ing)? (?:a )?(?:security|vulnerabilit)|vulnerabilit(?:y|ies) report)/i.test(
      line,
    ),
  );
  if (start === -1) return [];
  const end = lines.findIndex((line, index) => index > start && /^#{1,4}\s/.test(line));
  const body = lines.slice(start + 1, end === -1 ? undefined : end);
  const hit = body.findIndex((line) => ways.test(line));
  return hit === -1 ? [] : [{ file, kind: 'section', contact: { file, line: start + hit + 2 }, unfilled: false }];
}

function placeOf(file: string, text: string, pattern: RegExp): PolicyDocument['contact'] {
  const index = text.search(pattern);
  return index === -1 ? undefined : { file, line: text.slice(0, index).split('\n').length };
}
