import { expect, test } from 'vitest';
import { threadWords } from './thread-words.ts';

test.each(['emulator', 'dtrace'])('a trace from %s has LWPs', (source) => {
  expect(threadWords(source)).toMatchObject({ one: 'LWP', Many: 'LWPs', number: 'LWP' });
});

test.each(['ftrace', 'perf-script', 'trace-cmd', 'bpftrace', 'chrome-json', 'a format to come'])(
  'a trace from %s has threads and TIDs',
  (source) => {
    expect(threadWords(source)).toMatchObject({ one: 'thread', Many: 'Threads', number: 'TID' });
  },
);
