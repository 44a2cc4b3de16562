import type { KernelLines } from './lines.ts';

/** What differs between Linux releases in the update of the device tree. */
export interface Release {
  /** `6.12`. */
  readonly name: string;
  /** The source that was read: `6.12.117`. */
  readonly version: string;
  /** What its mobility.c does with deletes and adds of platform-facilities. */
  readonly policy: 'detach' | 'ignore';
  /** One line for help texts. */
  readonly explanation: string;

  /** `in rtas.c`: one poll of the stream and no retry, as up to v5.10; `in mobility.c`: waits, retries, cancels. */
  readonly suspend: 'in rtas.c' | 'in mobility.c';
  /** Whether there is a handler that closes VAS windows, and whether it logs events without windows as well. */
  readonly vas: 'absent' | 'silent' | 'logged';
  /** Whether there is a handler for hvpipe. */
  readonly hvpipe: boolean;
  /** Whether the NMI watchdog's timeout is stretched while the partition is suspended. */
  readonly watchdogFactor: boolean;
  /** `live`: each call reads `/rtas`; `boot`: a table is filled at boot. */
  readonly rtasTokens: 'live' | 'boot';
  /** Whether configure-connector has a work area of its own or copies rtas_data_buf. */
  readonly connectorWorkArea: 'own' | 'rtas_data_buf';
  /** Whether the kernel sleeps an extended delay (990x), at most a second, even if no other thread wants the CPU. */
  readonly sleepsExtendedDelay: boolean;
  /** Firmware without ibm,update-nodes is an error. */
  readonly needsUpdateNodes: boolean;
  /** Without ibm,activate-firmware the tree is not updated; other releases go on. */
  readonly needsActivateFirmware: boolean;

  /** %pOF takes a reference on the printed node as well. */
  readonly printTakesNodeItself: boolean;
  /** of_node_release() warns of the next put and of children that the node still has. */
  readonly releaseWarnsOfChildren: boolean;
  /** Detaching a node twice drops the reference of sysfs twice. */
  readonly doubleDetachPutsAgain: boolean;
  /** A changeset looks up a property's old value when it is applied, not when it is queued. */
  readonly changesetFindsOldAtApply: boolean;
  /** Nodes attached directly under the root become platform devices. */
  readonly platformDevicesUnderRoot: boolean;
  /** `WARNING: CPU: 0 PID: 1 at file:line function`; otherwise `WARNING: file:line at function, CPU#0: comm/1`. */
  readonly warningNamesCpuFirst: boolean;
  /** `dt` is a resource of /sys/kernel/dlpar. */
  readonly dlparDt: boolean;
  /** Writing to `bind` returns EBUSY for a bound device and the probe's own error; other releases return ENODEV. */
  readonly bindReturnsCause: boolean;
  /** A failed probe is logged as an error of the device; other releases log a warning of the driver. */
  readonly logsProbeFailureAsError: boolean;
  /** Formats of its log lines. */
  readonly lines: KernelLines;
  /** Lines of source files that warnings name. Those of 5.10 and 7.2 are taken from the nearest release. */
  readonly sourceLines: {
    readonly alreadyDetached: number;
    readonly noParent: number;
    readonly kernfsRemove: number;
    readonly cpuOnline: number;
    readonly algorithmInUse: number;
  };
}
