namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>How a value lies in registers. A profile writes the names in lower case.</summary>
public enum RegisterType
{
    /// <summary>One coil or discrete input (functions 1 and 2).</summary>
    Bit,

    /// <summary>The high byte of a register, unsigned.</summary>
    U8H,

    /// <summary>The low byte of a register, unsigned.</summary>
    U8L,

    /// <summary>The high byte of a register, two's complement.</summary>
    I8H,

    /// <summary>The low byte of a register, two's complement.</summary>
    I8L,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,

    /// <summary>IEEE 754 half, single, double.</summary>
    F16,
    F32,
    F64,

    /// <summary>Four decimal digits in a register, one a nibble.</summary>
    Bcd16,
    Bcd32,
    Bcd64,
}

public static class RegisterTypeExtensions
{
    /// <summary>Registers (or bits) that a value of this type takes.</summary>
    public static int Count(this RegisterType type) => type switch
    {
        RegisterType.U32 or RegisterType.I32 or RegisterType.F32 or RegisterType.Bcd32 => 2,
        RegisterType.U64 or RegisterType.I64 or RegisterType.F64 or RegisterType.Bcd64 => 4,
        _ => 1,
    };

    public static bool IsFloat(this RegisterType type) => type is RegisterType.F16 or RegisterType.F32 or RegisterType.F64;

    /// <summary>Whether part of the raw bits may be cut out with a mask: floats and digits have no bit fields.</summary>
    public static bool MayBeMasked(this RegisterType type) => type is RegisterType.U16 or RegisterType.U32 or RegisterType.U64;
}
