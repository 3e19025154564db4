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

    /// <param name="group">The group that owns the device, or null when there is no device.</param>
    public static LineException Explain(string path, string? group, int errno, Exception? cause) => (group, errno) switch
    {
        (null, _) => Missing(path, cause),
        (_, NotPermitted or AccessDenied) => new(Condition.Denied, $"{path} may not be opened by this user: sudo usermod -aG {group} edgehub, then restart edgehub.", cause),
        (_, Busy) => Held(path, cause),
        _ => new(Condition.Fault, $"{path} does not open as a serial port ({cause?.InnerException?.Message ?? cause?.Message}): check that the path names a serial device; it is tried again by itself.", cause),
    };

    /// <summary>Another program talks on it: who, as far as that can be seen.</summary>
    public static LineException Held(string path, Exception? cause) =>
        new(Condition.Denied, $"{path} is held by {PortHolder.Say(path)}; it is tried again by itself.", cause);

    public static LineException Missing(string path, Exception? cause) =>
        new(Condition.Waiting, $"waiting for {path}: plug it in or mend the port; it is opened by itself.", cause);
}
