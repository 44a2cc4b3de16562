export type ReleaseName = '5.10' | '6.1' | '6.12' | '7.2';

/** What a Linux release does differently from another, as far as device-tree updates are concerned. */
export interface Release {
  readonly name: ReleaseName;
  /** The tree that was read: `6.12.117`. */
  readonly version: string;
  /** What this release's own mobility code does with platform-facilities. */
  readonly policy: 'detach' | 'ignore';
  /** One line for help texts. */
  readonly explanation: string;

  /** `in rtas.c`: one poll of the stream and no retry, as up to v5.10; `in mobility.c`: waits, retries, cancels. */
  readonly suspend: 'in rtas.c' | 'in mobility.c';
  /** Whether the handler that closes VAS windows runs, and whether it says so even without windows. */
  readonly vas: 'absent' | 'silent' | 'told';
  /** Whether there is a handler for hvpipe. */
  readonly hvpipe: boolean;
  /** Whether the NMI watchdog's timeout is stretched while the partition is suspended. */
  readonly watchdogFactor: boolean;
  /** Prefix of rtas.c's own messages. */
  readonly rtasPrefix: string;
  /** `live`: each call looks into `/rtas`; `boot`: a table is filled once. */
  readonly rtasTokens: 'live' | 'boot';
  /** Whether configure-connector works in a work area of its own, or in a copy of rtas_data_buf. */
  readonly connectorWorkArea: 'own' | 'rtas_data_buf';
  /** Whether an extended delay (990x) is slept even when nobody else wants the CPU, at most a second. */
  readonly sleepsExtendedDelay: boolean;
  /** Firmware without ibm,update-nodes is an error. */
  readonly needsUpdateNodes: boolean;
  /** Without ibm,activate-firmware nothing is updated; otherwise it is only missed. */
  readonly needsActivateFirmware: boolean;
  /** A property that could not be updated is told with the error's number. */
  readonly tellsWhyPropertyFailed: boolean;
  /** What the end of an update that failed is told as, before the status. */
  readonly updateFailed: string;

  /** %pOF takes a reference on the printed node, too. */
  readonly printTakesNodeItself: boolean;
  /** of_node_release() names parent and node, warns of the next put and of children left. */
  readonly releaseTellsChildren: boolean;
  /** Detaching a node twice drops the reference of sysfs twice. */
  readonly doubleDetachPutsAgain: boolean;
  /** A changeset learns a property's old value when it is applied, not when it is queued. */
  readonly changesetFindsOldAtApply: boolean;
  /** Nodes attached directly under the root become platform devices. */
  readonly platformDevicesUnderRoot: boolean;
  /** `WARNING: CPU: 0 PID: 1 at file:line function`; otherwise `WARNING: file:line at function, CPU#0: comm/1`. */
  readonly warningNamesCpuFirst: boolean;
  /** `dt` is a resource of /sys/kernel/dlpar. */
  readonly dlparDt: boolean;
  /** Binding a bound device is EBUSY, and a probe's own error is returned; otherwise both are ENODEV. */
  readonly bindTellsWhy: boolean;
  /** A failed probe is told by the device, not by the driver. */
  readonly probeFailureNamesDevice: boolean;
  /** Lines in source files that warnings name; those of 5.10 and 7.2 are taken from their neighbours. */
  readonly lines: {
    readonly alreadyDetached: number;
    readonly noParent: number;
    readonly kernfsRemove: number;
    readonly cpuOnline: number;
    readonly algorithmInUse: number;
  };
}
