namespace EdgeHub.DeviceSims.Doubles;

/// <summary>How a quantity lies in 16 bit registers; of two registers the high word comes first (ABCD).</summary>
public enum RegisterKind
{
    /// <summary>One register, unsigned.</summary>
    Unsigned16,

    /// <summary>One register, two's complement.</summary>
    Signed16,

    /// <summary>Two registers, unsigned.</summary>
    Unsigned32,

    /// <summary>Two registers, IEEE 754 single.</summary>
    Ieee754,
}
