import { expect, test } from 'vitest';
import { skipWaits } from '../../../src/lab/traps/skip-waits.ts';
import { hcallStatus, hcalls, vasiState } from '../../../src/papr/index.ts';

/** Makes one call of a hypervisor that reports these states in turn, the last one for ever. */
function call(
  states: readonly number[],
  status: number = hcallStatus.H_SUCCESS,
  opcode: number = hcalls.H_VASI_STATE,
) {
  const rest = [...states];
  const args: (readonly bigint[])[] = [];
  const result = skipWaits({
    hcall(_opcode, given) {
      args.push(given);
      const state = rest.length > 1 ? rest.shift() : rest[0];
      return { status, values: [BigInt(state ?? 0)] };
    },
  }).hcall(opcode, [7n]);
  return { state: Number(result?.values[0]), args };
}

for (const name of ['enabled', 'resumed'] as const) {
  test(`state ${name}, in which the kernel would sleep: the firmware is called again immediately`, () => {
    const { state, args } = call([vasiState[name], vasiState[name], vasiState.suspending]);
    expect(state).toBe(vasiState.suspending);
    expect(args).toEqual([[7n], [7n], [7n]]);
  });
}

const others = Object.entries(vasiState).filter(([name]) => name !== 'enabled' && name !== 'resumed');
for (const [name, value] of others) {
  test(`state ${name} is passed on`, () => {
    const { state, args } = call([value, vasiState.enabled]);
    expect(state).toBe(value);
    expect(args).toHaveLength(1);
  });
}

test('a firmware that stays in one state is called 100 times', () => {
  const { state, args } = call([vasiState.resumed]);
  expect(state).toBe(vasiState.resumed);
  expect(args).toHaveLength(100);
});

test('a call that fails is not repeated, whatever its values', () => {
  expect(call([vasiState.enabled], hcallStatus.H_PARAMETER).args).toHaveLength(1);
});

test('other calls are not repeated', () => {
  expect(call([vasiState.enabled], hcallStatus.H_SUCCESS, hcalls.H_VASI_SIGNAL).args).toHaveLength(1);
});

test('a call that the firmware does not know is not repeated', () => {
  let calls = 0;
  const { hcall } = skipWaits({
    hcall() {
      calls++;
      return undefined;
    },
  });
  expect(hcall(hcalls.H_VASI_STATE, [7n])).toBeUndefined();
  expect(calls).toBe(1);
});
