import type { Rule } from '../rule.ts';

export const clientFailed: Rule = {
  name: 'client-failed',
  severity: 'damage',
  title: 'interrupted client',
  why: 'A process that used the partition during the migration got errors that it would not have got without it.',
  remedy:
    'Repeat the request; user space runs on before the tree is updated, so a short window of errors remains.',
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
