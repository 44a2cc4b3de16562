import type { PageDocument, PageFinding, PageRun } from '../../src/report/page/document.ts';
import type { DeepLink } from '../model/deep-link.ts';
import { pathOf, type TreeIndex } from '../model/tree-index.ts';

interface Props {
  readonly page: PageDocument;
  readonly run: PageRun;
  readonly treeIndex: TreeIndex;
  go(link: DeepLink): void;
}

/** The findings by rule, with their evidence and links to event and node. */
export function VerdictView({ page, run, treeIndex, go }: Props) {
  const names = [...new Set(run.findings.map((finding) => finding.rule))];
  if (names.length === 0) return <p class="empty">No findings: {run.conclusion}</p>;
  return (
    <div class="findings">
      {names.map((name) => {
        const found = run.findings.filter((finding) => finding.rule === name);
        const rule = page.rules[name];
        const [first] = found;
        return (
          <section key={name} class={`rule ${first?.severity ?? ''}`}>
            <h3>
              <span class="severity">{first?.allowed ? 'allowed' : first?.severity}</span>
              {`${rule?.title ?? name}${found.length > 1 ? ` × ${found.length}` : ''}`}
            </h3>
            <p class="why">{rule?.why}</p>
            <ul>
              {found.map((finding) => (
                <FindingItem key={JSON.stringify(finding)} finding={finding} treeIndex={treeIndex} go={go} />
              ))}
            </ul>
            {rule && (
              <p class="remedy">
                <b>What to do:</b> {rule.remedy}
                {rule.fixedIn !== null && (
                  <>
                    {' '}
                    <b>Fixed in:</b> {rule.fixedIn}.
                  </>
                )}
              </p>
            )}
          </section>
        );
      })}
    </div>
  );
}

function FindingItem({
  finding,
  treeIndex,
  go,
}: {
  finding: PageFinding;
  treeIndex: TreeIndex;
  go(link: DeepLink): void;
}) {
  const { subject, message, evidence, event, node } = finding;
  return (
    <li>
      <code>{subject}</code>
      <p>{message}</p>
      {evidence.length > 0 && (
        <ul class="evidence">
          {evidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <p class="links">
        {event !== undefined && (
          <button type="button" class="link" onClick={() => go({ event })}>
            {`go to event ${event}`}
          </button>
        )}
        {node !== undefined && (
          <button
            type="button"
            class="link"
            onClick={() =>
              go({ node: pathOf(treeIndex, node), view: 'tree', ...(event !== undefined && { event }) })
            }
          >
            show the node
          </button>
        )}
      </p>
    </li>
  );
}
