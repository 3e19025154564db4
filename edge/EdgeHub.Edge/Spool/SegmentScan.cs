using System.Buffers;
using System.Runtime.InteropServices;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Walks the entries of a segment. Behind bytes that are no entry it goes on, position by position, to the end: a valid
/// entry behind a bad one proves damage, and stopping there would lose everything that follows.
/// </summary>
static class SegmentScan
{
    const int FirstWindowBytes = 64 << 10;

    // Holds the longest entry whole, so that a full window always makes progress.
    static readonly int WindowBytesMax = Math.Max(512 << 10, Entry.SizeFor(WireLimits.RecordBytesMax));

    /// <summary>Each entry with its offset. Its payload lies in a shared window: valid until the next step.</summary>
    public static IEnumerable<(Entry Entry, int Offset)> Run(IDiskFile file, ulong salt, int from, int limit)
    {
        var window = ArrayPool<byte>.Shared.Rent(WindowBytesMax);
        try
        {
            int at = from, start = from, have = 0, next = FirstWindowBytes;
            while (at + Entry.HeaderSize <= limit)
            {
                if (at + Entry.HeaderSize > start + have)
                    Fill(0);
                var size = Entry.PeekSize(window.AsSpan(at - start, have - (at - start)), salt);
                if (at + size > start + have && at + size <= limit)
                    Fill(size);
                if (have < Entry.HeaderSize)
                    yield break;
                var bytes = window.AsMemory(at - start, have - (at - start));
                if (size > 0 && Entry.Read(bytes, salt) is { } entry)
                {
                    yield return (entry, at);
                    at += entry.Size;
                }
                else
                {
                    at += NextCandidate(bytes.Span, salt);
                }
            }

            // Short reads at first, since a reader often wants one record only; then ever longer ones.
            void Fill(int atLeast)
            {
                var bytes = Math.Min(Math.Max(next, atLeast), limit - at);
                have = file.Read(at, window.AsSpan(0, bytes));
                start = at;
                next = Math.Min(2 * next, WindowBytesMax);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    // Bytes to the next place in the window where an entry may begin, or to the window's end.
    static int NextCandidate(ReadOnlySpan<byte> bytes, ulong salt)
    {
        const int WordsPerStep = Entry.Alignment / sizeof(uint);
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        for (var i = WordsPerStep; i < words.Length; i++)
        {
            var found = words[i..].IndexOf((uint)salt);
            if (found < 0)
                break;
            i += found;
            if (i % WordsPerStep == 0)
                return i * sizeof(uint);
        }

        // A header cut off by the window's end is looked at again with more bytes.
        return Math.Max(Entry.Alignment, (bytes.Length - Entry.HeaderSize) & -Entry.Alignment);
    }
}
