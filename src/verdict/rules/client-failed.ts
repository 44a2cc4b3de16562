import type { Rule } from '../rule.ts';

export const clientFailed: Rule = {
  name: 'client-failed',
  severity: 'damage',
  title: 'interrupted client',
  why: 'A process got errors during the migration that it does not get without one.',
  remedy:
    'Repeat the request. User space runs before the tree is updated, so a short window of errors remains.',
  fixedIn: [],
  check: ({ outcomes }) =>
    (outcomes ?? []).flatMap(({ clients }) =>
      clients.flatMap(({ name, succeeded, failed }) => {
        const errors = Object.entries(failed);
        if (errors.length === 0) return [];
        return [
          {
            subject: name,
            message: errors.map(([errno, count]) => `${count} × ${errno}`).join(', '),
            evidence: [`${succeeded} succeeded`],
          },
        ];
      }),
    ),
};
