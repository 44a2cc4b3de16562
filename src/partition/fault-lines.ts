/** Patterns of the lines in the kernel's report of a fault, for texts without leading blanks. */

export const CUT_HERE = /^-+\[ cut here \]-+$/;
export const END_TRACE = /^---\[ end trace [0-9a-f]* ?\]---$/;
export const KASAN_END = /^={20,}$/;

/** The kernel failed: BUG(), an access that it cannot make, KASAN, a panic. */
export const FATAL =
  /^(?:BUG: (?!workqueue lockup|soft lockup)|Unable to handle kernel|Kernel attempted to \w+ user page|kernel tried to execute|kernel BUG at |Oops: |Internal error: |general protection fault|Kernel panic - not syncing|Unrecoverable exception|Machine check in kernel mode)/;

/** `BUG:` lines of checks that only report. */
export const REPORT_ONLY =
  /^BUG: (?:sleeping function called|scheduling while atomic|using \w+\(\) in preemptible|KCSAN|MAX_LOCK|workqueue leaked)/;

/** A CPU or task that stood still. */
export const STALL =
  /^(?:(?:NMI )?watchdog: (?:BUG: soft lockup|CPU \d+ (?:self-|detected )?.*LOCKUP|Watchdog detected hard LOCKUP)|Watchdog CPU:\d+ .*LOCKUP|BUG: (?:soft|workqueue) lockup|(?:rcu: )?INFO: rcu\w* (?:self-)?detected (?:expedited )?stall|INFO: rcu_\w+ detected|INFO: task \S.* blocked for more than)/i;

/** `WARNING: CPU: 3 PID: 1706 at lib/refcount.c:25 …`, since v6.18 `WARNING: lib/refcount.c:25 at …, CPU#3: cat/1706`. */
export const WARN_HEADER = /^WARNING: (?:CPU: \d|(?:at )?\S+:\d+ (?:at )?)/;

/** dump_stack() behind these has no heading of its own. */
export const REPORTED =
  /^(?:sysfs: cannot create duplicate filename|OF: ERROR: (?:Bad of_node_put|of_node_release))/;

/** What a report without its first line begins with. */
export const HEADER =
  /^(?:[LB]E PAGE_SIZE=|Modules linked in:|CPU: \d+ (?:UID: \d+ )?PID: \d+ Comm: |NIP: |REGS: |RIP: 0010:)/;

export const PROCESSOR = /^CPU: \d+ (?:UID: \d+ )?PID: \d+ Comm: /;
export const PAGE_SIZE = /^[LB]E PAGE_SIZE=/;
export const CALL_TRACE = /^Call Trace:/;

/** `[c000…] [c000…] kobject_get+0xf0/0x100 [module] (unreliable)`; addresses and the rest may be missing. */
export const FRAME =
  /^(?:\[<?[0-9a-f]{8,16}>?\] *)*(?:\? )?([A-Za-z_.$][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: [\w./-]+\.[chS]:\d+)?(?: \[[^\]]+\])?(?: \(unreliable\))?$/;

/** An interrupt frame: behind it is another context, for a system call user space. */
export const CONTEXT = /^(?:\[[0-9a-f]+\] *)*--- (?:interrupt|Exception)/;

/** Where an object of a KASAN report comes from: traces of other moments. */
export const OTHER_MOMENT = /^(?:Allocated|Freed) by task|^Last potentially related work/;

/** Registers, code, modules, frames and what else a report consists of. */
const PART =
  /^(?:NIP|LR |LR:|REGS:|MSR:|CFAR:|DAR:|DSISR|IRQMASK|GPR\d|Code:|Instruction dump:|Hardware name:|Workqueue:|Supported:|Tainted:|SMP |Faulting instruction|Thread overran|Read of size|Write of size|The buggy address|which belongs|allocated \d|Memory state|page:|flags:|raw:|R[A-Z0-9]{2}:|EFLAGS|FS: |CR2|CS: |Stack:|Call trace:|<\/?TASK>|Sending NMI|NMI backtrace|Task dump|task:|Showing |irq event|hardirqs|softirqs|watchdog: CPU \d+ TB:|kobject_add_internal failed|next of_node_put|pstore:|Rebooting in|Dumping ftrace|Kernel Offset|\(t=|\(detected by|\t|[0-9a-f<>]{8} [0-9a-f<>]{8}|X{8} X{8}|>?[0-9a-f]{12,16}: |\[<?[0-9a-f]{8,16}>?\]|[A-Za-z_.$][\w.$]*\+0x[0-9a-f]+\/0x)/;

/** Whether a line can be part of a report that has begun. */
export function isPart(text: string): boolean {
  return (
    PART.test(text) ||
    HEADER.test(text) ||
    CALL_TRACE.test(text) ||
    CONTEXT.test(text) ||
    OTHER_MOMENT.test(text) ||
    END_TRACE.test(text) ||
    KASAN_END.test(text)
  );
}
