import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Chooser } from '../../../src/choice/index.ts';
import { firstChooser } from '../../../src/choice/index.ts';
import { Clock } from '../../../src/kernel/core/clock.ts';
import { Events } from '../../../src/kernel/core/events.ts';
import type { Flow } from '../../../src/kernel/core/flow.ts';
import { KernelLog } from '../../../src/kernel/core/log.ts';
import { Mutex } from '../../../src/kernel/core/mutex.ts';
import { Scheduler } from '../../../src/kernel/core/scheduler.ts';
import { ThreadExit } from '../../../src/kernel/core/thread.ts';

function scheduler(chooser: Chooser = firstChooser) {
  const clock = new Clock();
  const log = new KernelLog(clock, new Events(clock, false));
  return { clock, log, scheduler: new Scheduler(clock, log, chooser, 1) };
}

/** Logs its name at each step. */
function* steps(name: string, count: number, said: string[]): Flow<string> {
  for (let step = 1; step <= count; step++) {
    said.push(`${name}${step}`);
    yield 'test';
  }
  return name;
}

describe('the scheduler', () => {
  test('by default the running thread runs until it ends', () => {
    const { scheduler: s } = scheduler();
    const said: string[] = [];
    const a = s.spawn('a', steps('a', 2, said));
    s.spawn('b', steps('b', 2, said));
    s.run();
    expect(said).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect([a.state, a.result]).toEqual(['ended', 'a']);
  });

  test('a chooser can choose any thread', () => {
    const asked: string[] = [];
    const { scheduler: s } = scheduler({
      choose: (count, what) => {
        asked.push(`${count} ${what}`);
        return count - 1;
      },
    });
    const said: string[] = [];
    s.spawn('a', steps('a', 2, said));
    s.spawn('b', steps('b', 2, said));
    s.run();
    // b first, then a, and so on in turn.
    expect(said).toEqual(['b1', 'a1', 'b2', 'a2']);
    expect(asked.every((question) => question === '2 run')).toBe(true);
  });

  test('with any choices every thread makes all its steps in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), (ways) => {
        let next = 0;
        const { scheduler: s } = scheduler({ choose: (count) => (ways[next++] ?? 0) % count });
        const said: string[] = [];
        for (const name of ['a', 'b', 'c']) s.spawn(name, steps(name, 3, said));
        s.run();
        for (const name of ['a', 'b', 'c']) {
          expect(said.filter((text) => text.startsWith(name))).toEqual(
            [1, 2, 3].map((step) => `${name}${step}`),
          );
        }
      }),
      { seed: 0x5eed },
    );
  });

  test('time passes only while all threads sleep, up to the first wake-up', () => {
    const { scheduler: s, clock } = scheduler();
    const said: string[] = [];
    function* sleeper(name: string, ms: number): Flow<void> {
      yield ms;
      said.push(`${name} at ${clock.seconds}`);
    }
    s.spawn('a', sleeper('a', 500));
    s.spawn('b', sleeper('b', 200));
    s.spawn('c', steps('c', 1, said));
    s.run();
    expect(said).toEqual(['c1', 'b at 0.2', 'a at 0.5']);
  });

  test('a sleep can end before the other threads run', () => {
    const { scheduler: s } = scheduler({ choose: (count) => count - 1 });
    const said: string[] = [];
    function* sleeper(): Flow<void> {
      yield 1000;
      said.push('woke');
    }
    s.spawn('busy', steps('busy', 2, said));
    s.spawn('sleeper', sleeper());
    s.run();
    expect(said[0]).toBe('woke');
  });

  test('threads that can never continue are hung and logged', () => {
    const { scheduler: s, log } = scheduler();
    const mutex = new Mutex('of_mutex');
    function* dies(): Flow<void> {
      yield* mutex.lock(s);
      throw new ThreadExit('killed');
    }
    const dead = s.spawn('dies', dies());
    const waits = s.spawn('waits', mutex.lock(s));
    s.run();
    expect([dead.state, waits.state]).toEqual(['killed', 'hung']);
    expect(log.lines.map(({ level, text }) => [level, text])).toEqual([
      [3, `INFO: task waits:${waits.pid} blocked for more than 120 seconds.`],
    ]);
  });

  test('an error of the model is thrown', () => {
    const { scheduler: s } = scheduler();
    function* broken(): Flow<void> {
      yield 'test';
      throw new TypeError('ours');
    }
    s.spawn('broken', broken());
    expect(() => s.run()).toThrow(TypeError);
  });
});

describe('a mutex', () => {
  test('blocks the second thread until the first unlocks', () => {
    const { scheduler: s } = scheduler({ choose: (count) => count - 1 });
    const mutex = new Mutex('lock');
    const said: string[] = [];
    function* inside(name: string): Flow<void> {
      yield* mutex.lock(s);
      said.push(`${name} in`);
      yield 'inside';
      said.push(`${name} out`);
      mutex.unlock(s);
    }
    s.spawn('a', inside('a'));
    s.spawn('b', inside('b'));
    s.run();
    expect([said.slice(0, 2), said.slice(2)].map((pair) => pair.map((text) => text.split(' ')[1]))).toEqual([
      ['in', 'out'],
      ['in', 'out'],
    ]);
  });
});
