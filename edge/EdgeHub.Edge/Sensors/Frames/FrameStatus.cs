namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>What <see cref="FrameFinder"/> found in the bytes so far.</summary>
public enum FrameStatus
{
    /// <summary>All input is taken and no frame is complete.</summary>
    NeedMore,

    /// <summary>A frame whose checksum is right.</summary>
    Frame,

    /// <summary>A frame's worth of bytes whose checksum is wrong.</summary>
    BadChecksum,

    /// <summary>A run of bytes that belong to no frame was skipped.</summary>
    Garbage,
}
