/** One simple command of a command line: its words without quotes. */
export type Words = readonly string[];

/** The simple commands of a shell text in order: operators, pipes and newlines divide them; nothing is expanded. */
export function simpleCommands(text: string): readonly Words[] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word = '';
  let quoted = false;
  const endWord = (): void => {
    if (word !== '' || quoted) words.push(word);
    word = '';
    quoted = false;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (char === '"' || char === "'") {
      const end = closing(text, i);
      word += text.slice(i + 1, end).replaceAll(/\\(["\\$`])/g, '$1');
      quoted = true;
      i = end;
    } else if (char === '\\') {
      i += 1;
      if (text[i] !== '\n') word += text[i] ?? '';
    } else if (char === '#' && word === '' && !quoted) {
      while (i < text.length && text[i + 1] !== '\n') i += 1;
    } else if (char === '$' && (text[i + 1] === '{' || text[i + 1] === '(')) {
      const end = closing(text, i + 1);
      word += text.slice(i, end + 1);
      i = end;
    } else if (
      /[;&|\n(){}]/.test(char) &&
      !(char === '&' && /[<>]$/.test(word)) &&
      !(/[{}]/.test(char) && (word !== '' || /[^\s]/.test(text[i + 1] ?? ' ')))
    )
      endCommand();
    else if (/\s/.test(char)) endWord();
    else word += char;
  }
  endCommand();
  return commands;
}

const closers: Readonly<Record<string, string>> = { '"': '"', "'": "'", '{': '}', '(': ')' };

function closing(text: string, from: number): number {
  const open = text[from] ?? '';
  const close = closers[open];
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === '\\' && open === '"') i += 1;
    else if (text[i] === close) return i;
  }
  return text.length;
}

/** Writes words back as a text that reads as the same words. */
export const quoted = (words: Words): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", '')}'`)).join(' ');
