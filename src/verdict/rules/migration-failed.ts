import type { Rule, RuleFinding } from '../rule.ts';

export const migrationFailed: Rule = {
  name: 'migration-failed',
  severity: 'damage',
  title: 'failed migration',
  why: 'The write that starts the migration returned an error: the partition did not move.',
  remedy: 'See the log for the step that failed (transplant explain), then migrate again.',
  fixedIn: [],
  check: ({ outcomes }) =>
    (outcomes ?? []).flatMap(({ written }, index): RuleFinding[] =>
      written.ok
        ? []
        : [
            {
              subject: '/sys/kernel/mobility/migration',
              message: `migration ${index + 1}: ${written.errno}`,
              evidence: [],
            },
          ],
    ),
};
