namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>Turns the failure to open a serial device into one sentence with what to do.</summary>
public static class SerialFault
{
    // errno.h, the same numbers on every Linux architecture.
    const int NotPermitted = 1;
    const int AccessDenied = 13;
    const int Busy = 16;

    /// <summary>The errno in an exception of System.IO.Ports: it wraps each failure in an UnauthorizedAccessException, a missing device too, and the cause lies within.</summary>
    public static int Errno(Exception e) => e switch
    {
        UnauthorizedAccessException { InnerException: { } inner } => inner.HResult,
        _ => e.HResult,
    };

    /// <param name="node">Null when there is no device.</param>
    public static LineException Explain(string path, DeviceNode? node, int errno, Exception? cause) => (node, errno) switch
    {
        (null, _) => Missing(path, cause),
        ({ } device, NotPermitted or AccessDenied) => new(Condition.Denied, $"{path} may not be opened by this user: {PortAccess.Fix(path, device, "dialout")}", cause),
        (_, Busy) => Held(path, cause),
        _ => new(Condition.Fault, $"{path} does not open as a serial port ({cause?.InnerException?.Message ?? cause?.Message}): check that the path names a serial device; it is tried again by itself.", cause),
    };

    /// <summary>Another program talks on it: who, as far as that can be seen.</summary>
    public static LineException Held(string path, Exception? cause) => PortHolder.Of(path) is [{ IsThisProcess: true }]
        ? new(Condition.Waiting, $"{path} is still open in this program: what it was to send does not leave the adapter, so the last close has not ended, or the configuration names the port by two paths. It is tried again by itself; if it stays so, pull the adapter's plug.", cause)
        : new(Condition.Denied, $"{path} is held by {PortHolder.Say(path)}; it is tried again by itself.", cause);

    public static LineException Missing(string path, Exception? cause) =>
        new(Condition.Waiting, $"waiting for {path}: plug it in or mend the port; it is opened by itself.", cause);
}
